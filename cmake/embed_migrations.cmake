# Builds database/*.sql into the program as manent::store::migrations(). A string literal of more than 64 kB is beyond
# what some compilers take, so no migration may grow that large.
file(GLOB files ${FOLDER}/*.sql)
list(SORT files)
set(text "// Made from database/*.sql; edit those.\n#pragma once  // included by store/migrate.cpp alone\n\n#include \"store/migrate.hpp\"\n\n")
string(APPEND text "namespace manent::store\n{\n\nconst std::vector<migration>& migrations()\n{\n")
string(APPEND text "    static const std::vector<migration> all = {\n")
foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME_WE)
    string(REGEX MATCH "^[0-9]+" number ${name})
    math(EXPR number "1${number} - 10000")
    file(READ ${file} sql)
    # Semicolons and brackets mean lists to CMake only when unquoted; the text goes through untouched.
    string(APPEND text "        {${number}, \"${name}\", R\"SQL(${sql})SQL\"},\n")
endforeach()
string(APPEND text "    };\n    return all;\n}\n\n}  // namespace manent::store\n")
file(WRITE ${HEADER}.new "${text}")
file(COPY_FILE ${HEADER}.new ${HEADER} ONLY_IF_DIFFERENT)
file(TOUCH ${HEADER})
