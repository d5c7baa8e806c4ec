/** Texts by their names, each read once: what nobody asked for is left to be told. */
class Texts {
  protected readonly texts: Map<string, string>;

  constructor(entries: Iterable<readonly [name: string, text: string]>) {
    this.texts = new Map(entries);
  }

  text(key: string): string | undefined {
    const value = this.texts.get(key);
    this.texts.delete(key);
    return value;
  }

  flag(key: string, usual: boolean): boolean {
    const value = this.text(key);
    return value === undefined ? usual : isOn(value);
  }

  /** What is no number is left to be told. */
  number(key: string): number | null {
    const value = this.texts.get(key) ?? '';
    return isNumber(value) ? Number(this.text(key)) : null;
  }
}

/** A property string of Proxmox's (`virtio=BC:…,bridge=vmbr0`). */
export class Options extends Texts {
  /** `first` is what a part without a name is called. */
  constructor(text: string, first: string) {
    super(
      text
        .split(',')
        .filter((part) => part !== '')
        .map((part): [string, string] => {
          const at = part.indexOf('=');
          return at < 0 ? [first, part] : [part.slice(0, at), part.slice(at + 1)];
        }),
    );
  }

  /** One of several words; undefined leaves it to be told. */
  one<T extends string>(key: string, of: readonly T[]): T | undefined {
    const found = of.find((each) => each === this.texts.get(key));
    if (found !== undefined) this.texts.delete(key);
    return found;
  }

  /** What none of the calls above asked for. */
  left(): readonly (readonly [key: string, value: string])[] {
    return [...this.texts];
  }
}

const isNumber = (text: string): boolean => /^\d{1,15}(\.\d{1,6})?$/.test(text);

/** Proxmox's booleans: `1`, `on`, `yes`, `true`. */
const isOn = (value: string): boolean => /^(1|on|yes|true)$/i.test(value);

/** A configuration, setting by setting. */
export class Settings extends Texts {
  readonly #lacks: { what: string; why: string }[] = [];

  constructor(config: Readonly<Record<string, string>>) {
    super(Object.entries(config));
  }

  /** A setting, which stays to be read. */
  peek(key: string): string | undefined {
    return this.texts.get(key);
  }

  /** The keys of a kind with their numbers, in order: `net0`, `net1`. */
  numbered(prefix: string): string[] {
    const is = new RegExp(`^(?:${prefix})(\\d+)$`);
    const at = (key: string): number => Number(is.exec(key)?.[1]);
    return [...this.texts.keys()].filter((key) => is.test(key)).toSorted((a, b) => at(a) - at(b) || (a < b ? -1 : 1));
  }

  /** A property string, and afterwards what of it was not asked for. */
  options<T>(key: string, first: string, read: (options: Options) => T): T | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const options = new Options(text, first);
    const made = read(options);
    for (const [name, value] of options.left()) this.lacks(`${key}: ${name}=${value}`);
    return made;
  }

  lacks(
    what: string,
    why = 'The code has no word for it: it stays as it is, since the code does not speak of it.',
  ): void {
    this.#lacks.push({ what, why });
  }

  /** What was not asked for, each by its name. */
  told(): readonly { readonly what: string; readonly why: string }[] {
    const own = /^(meta|vmgenid|parent|digest|lock|smbios1|arch|snaptime|snapstate|runningmachine|runningcpu)$/;
    const kept = [...this.texts].map(([key, value]) => ({
      what: /password|secret|token/i.test(key) ? key : `${key}: ${shortened(value)}`,
      why: own.test(key)
        ? 'Proxmox keeps it itself: it stays as it is.'
        : 'The code has no word for it: it stays as it is, since the code does not speak of it.',
    }));
    return [...this.#lacks, ...kept];
  }
}

/** As much of a text as a person reads. */
export const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
