/** The parts of a file of HCL, before it is written. Text is text; only `code` is code, and none of it is from outside. */
export interface Code {
  readonly code: string;
}
/** Lines of text with code in between, as a heredoc. */
export interface Lines {
  readonly lines: readonly (string | Code)[];
}
export type Value =
  string | number | boolean | Code | Lines | readonly Value[] | { readonly object: Readonly<Record<string, Value>> };

export interface Attribute {
  readonly node: 'attribute';
  readonly name: string;
  readonly value: Value;
}
export interface Comment {
  readonly node: 'comment';
  readonly text: string;
}
export interface Block {
  readonly node: 'block';
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: readonly Node[];
}
export type Node = Attribute | Comment | Block;

/** A reference or call: `var.node_name`. Its text is code of ours, never of anyone else. */
export const code = (text: string): Code => ({ code: text });

/** A line that says why. */
export const comment = (text: string): Comment => ({ node: 'comment', text });

/** A block with labels in front of its body. */
export function block(type: string, labels: readonly string[], body: Body): Block {
  return { node: 'block', type, labels, body: nodes(body) };
}

/** A body as it is easiest to write: attributes by name, what is undefined left out, blocks and comments in a list. */
export type Body = readonly (Node | Readonly<Record<string, Value | undefined>> | undefined)[];

function nodes(body: Body): Node[] {
  return body.flatMap((part): Node[] => {
    if (part === undefined) return [];
    if (isNode(part)) return [part];
    return Object.entries(part).flatMap(([name, value]) =>
      value === undefined ? [] : [{ node: 'attribute', name, value }],
    );
  });
}

// No attribute of a provider is called `node`, and where one were, its value would be none of these words.
function isNode(part: Node | Readonly<Record<string, Value | undefined>>): part is Node {
  return part['node'] === 'attribute' || part['node'] === 'comment' || part['node'] === 'block';
}
