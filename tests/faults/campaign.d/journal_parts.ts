// The parts of the real device journal that the campaign's writer uses, bundled for Node by journal_writer.mjs.
export { SubjectSaver } from '../../../web/src/journal/saver';
export { IndexedJournal } from '../../../web/src/journal/store';
export { answerOf } from '../../../web/src/journal/transport';
