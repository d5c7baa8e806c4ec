import type { ProblemCode } from './codes.ts';

export type { ProblemCode } from './codes.ts';

/** What is wrong with which part of a request. */
export interface ProblemDetails {
  readonly field?: string;
  /** One word that a client may decide by: `unknown_field`, `must_be_positive_integer`. */
  readonly reason?: string;
  readonly provided_value?: unknown;
  readonly [more: string]: unknown;
}

/** A request that is not answered as it hoped, and why: what the client gets, word for word. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(status: number, code: ProblemCode, message: string, details: ProblemDetails = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** The path names something that there is not. */
export function notFound(what: string, id: string): Problem {
  const message = id === '' ? `The path names no ${what}.` : `There is no ${what} ${id}.`;
  return new Problem(404, 'RESOURCE_NOT_FOUND', message, { field: 'id', provided_value: id });
}

/** The request is understood, but what a field says is not acceptable. */
export function notAcceptable(message: string, details: ProblemDetails): Problem {
  return new Problem(422, 'VALIDATION_ERROR', message, details);
}
