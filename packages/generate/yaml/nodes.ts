/** The parts of a file of YAML, before it is written: what JSON has, with comments, and text that Ansible is not to read. */
export type Yaml =
  string | number | boolean | null | readonly Yaml[] | { readonly [key: string]: Yaml | undefined } | Raw;

/** A value with more to it than itself. */
export class Raw {
  readonly value: Exclude<Yaml, Raw>;
  /** Said in the line before it. */
  readonly comment: string | undefined;
  /** It holds templates of ours, `{{ name }}`, which are to be read. */
  readonly isTemplate: boolean;

  constructor(value: Exclude<Yaml, Raw>, { comment, isTemplate = false }: { comment?: string; isTemplate?: boolean }) {
    this.value = value;
    this.comment = comment;
    this.isTemplate = isTemplate;
  }
}

/** With the reason for it in front. */
export const commented = (comment: string, value: Exclude<Yaml, Raw>): Raw => new Raw(value, { comment });

/** A template of Ansible's, of our own making. */
export const template = (text: string): Raw => new Raw(text, { isTemplate: true });
