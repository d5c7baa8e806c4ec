import { createHash, type Hash } from 'node:crypto';
import { PveError } from '../behaviour.ts';

/** A file that came with a request: its bytes are counted and hashed, never kept. */
export interface Upload {
  filename: string;
  size: number;
  /** By the algorithm that a field before the file asked for. */
  sum: string | undefined;
}

export interface Form {
  fields: Record<string, string>;
  upload: Upload | undefined;
}

/** Bytes of headers or of a field that are held at most. */
const MOST_HELD = 64 * 1024;
const ALGORITHMS = new Set(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']);
const DISPOSITION = /^content-disposition:\s*([^;\s]+)\s*;\s*name="([^"]+)"(?:\s*;\s*filename="([^"]*)")?/im;

type Place = 'before' | 'head' | 'field' | 'file' | 'after';

/** The boundary of a multipart form, if a Content-Type names one. */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] = /^multipart\/form-data\b.*?;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  return quoted ?? plain;
}

/** Takes a multipart form apart as it comes in (AnyEvent.pm, file_upload_multipart): fields first, then one file. */
export class MultipartReader {
  private readonly fields: Record<string, string> = {};
  private readonly delimiter: Buffer;
  /** Begins as though a line had ended, so that the first boundary is like the others. */
  private held: Buffer = Buffer.from('\r\n');
  private place: Place = 'before';
  private name = '';
  private upload: { filename: string; size: number; hash: Hash | undefined } | undefined;

  constructor(boundary: string) {
    this.delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  push(chunk: Buffer): void {
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    while (this.step());
    if (this.held.length > MOST_HELD && this.place !== 'after') throw refusal('multipart header or field too large');
  }

  end(): Form {
    if (this.place !== 'after') throw refusal('multipart form ends too early');
    const { upload, fields } = this;
    if (!upload) return { fields, upload: undefined };
    const { filename, size, hash } = upload;
    return { fields, upload: { filename, size, sum: hash?.digest('hex') } };
  }

  /** One move forward; false where more has to come in first. */
  private step(): boolean {
    if (this.place === 'after') {
      this.held = Buffer.alloc(0);
      return false;
    }
    return this.place === 'head' ? this.readHead() : this.readUntilBoundary();
  }

  private readHead(): boolean {
    if (this.held.length >= 2 && this.held.toString('latin1', 0, 2) === '--') {
      this.place = 'after';
      return true;
    }
    const end = this.held.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const [, kind, name = '', filename] = DISPOSITION.exec(this.held.toString('utf8', 0, end)) ?? [];
    if (kind?.toLowerCase() !== 'form-data') throw refusal('wrong content-disposition in multipart form');
    this.held = this.held.subarray(end + 4);
    this.name = name;
    if (filename === undefined) this.place = 'field';
    else this.beginFile(filename);
    return true;
  }

  private beginFile(filename: string): void {
    if (this.name !== 'filename') throw refusal(`wrong field name '${this.name}' for file upload, expected 'filename'`);
    if (this.upload) throw refusal('more than one file in a multipart form');
    const algorithm = this.fields['checksum-algorithm'] ?? '';
    this.upload = { filename, size: 0, hash: ALGORITHMS.has(algorithm) ? createHash(algorithm) : undefined };
    this.place = 'file';
  }

  private readUntilBoundary(): boolean {
    const at = this.held.indexOf(this.delimiter);
    if (at === -1) {
      this.passOn(this.held.length - this.delimiter.length);
      return false;
    }
    const rest = this.held.subarray(at + this.delimiter.length);
    if (this.place === 'field') this.fields[this.name] = this.held.toString('utf8', 0, at);
    else this.passOn(at);
    this.held = rest;
    this.place = 'head';
    return true;
  }

  /** Bytes of the file that cannot be part of a boundary any more. */
  private passOn(length: number): void {
    if (this.place === 'field' || length <= 0) return;
    if (this.place === 'file' && this.upload) {
      this.upload.size += length;
      this.upload.hash?.update(this.held.subarray(0, length));
    }
    this.held = this.held.subarray(length);
  }
}

function refusal(text: string): PveError {
  return new PveError(501, text);
}
