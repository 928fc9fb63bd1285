// From an address to what is sent there and answered, by the server's own description: a call cannot name another type
// than its path has. Types only.
import type { paths } from './schema';

type Verb = 'get' | 'post' | 'put' | 'delete';

type Segments<Path extends string> = Path extends `${infer Head}/${infer Tail}` ? [Head, ...Segments<Tail>] : [Path];

/** Whether an address, cut at its slashes, is one of a described path; `{…}` stands for any one segment. */
type Fits<Address, Described> = Address extends [infer A, ...infer As]
  ? Described extends [infer D, ...infer Ds]
    ? D extends `{${string}}`
      ? Fits<As, Ds>
      : A extends D
        ? Fits<As, Ds>
        : false
    : false
  : Described extends []
    ? true
    : false;

type Described<Path extends string> = {
  [Key in keyof paths]: Key extends `/api/v1${infer Rest}` ? (Fits<Segments<Path>, Segments<Rest>> extends true ? Key : never) : never;
}[keyof paths];

type Operation<Method extends Verb, Path extends string> = paths[Described<Path>][Method];

type Json<Message> = Message extends { content: { 'application/json': infer Body } } ? Body : never;

/** What the server answers when it does not refuse; null where it answers nothing. */
export type AnswerOf<Method extends Verb, Path extends string> =
  Operation<Method, Path> extends { responses: infer Responses }
    ? 204 extends keyof Responses
      ? null
      : Json<Responses[Extract<keyof Responses, 200 | 201>]>
    : never;

/** What the server takes. */
export type BodyOf<Method extends Verb, Path extends string> =
  Operation<Method, Path> extends { requestBody: infer Request } ? Json<Request> : never;
