import type { FastifyError, FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { Problem } from './problem.ts';

/** Holds a part of a request against its schema; what was sent is kept with what is wrong, to be told. */
export const validateByZod: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data: unknown) => {
    const parsed = schema.safeParse(data, { reportInput: true });
    return parsed.success ? { value: parsed.data } : { error: parsed.error };
  };

/**
 * What is wrong with a request by its schema. Values of a query that are of another type cannot be read at all (400); a
 * body that is well formed and says what cannot be accepted is told which field and why (422), unknown fields as well.
 */
export function invalid(error: FastifyError): Problem | undefined {
  if (!(error instanceof z.core.$ZodError)) return undefined;
  const [issue, ...others] = error.issues;
  if (issue === undefined) return undefined;
  const where = error.validationContext;
  const isUnreadable = issue.code === 'invalid_type' && issue.input !== undefined && where === 'querystring';
  const { field, reason, message } = said(issue);
  const more = others.length > 0 ? ` And ${others.length} more.` : '';
  const value = issue.input === undefined || reason === 'unknown_field' ? {} : { provided_value: issue.input };
  const details = { field, reason, ...value };
  if (isUnreadable) return new Problem(400, 'BAD_REQUEST', `${message}${more}`, details);
  return new Problem(422, 'VALIDATION_ERROR', `${message}${more}`, details);
}

interface Said {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

function said(issue: z.core.$ZodIssue): Said {
  const field = issue.path.map(String).join('.');
  const about = field === '' ? 'The request' : field;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const name = [field, issue.keys[0]].filter(Boolean).join('.');
      return { field: name, reason: 'unknown_field', message: `There is no field ${name}.` };
    }
    case 'invalid_type':
      return issue.input === undefined
        ? { field, reason: 'required', message: `${about} is missing.` }
        : { field, reason: `must_be_${issue.expected}`, message: `${about} must be: ${issue.expected}.` };
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ');
      return { field, reason: 'must_be_one_of', message: `${about} must be one of: ${values}.` };
    }
    case 'too_small':
      return {
        field,
        reason: issue.minimum === 1 && issue.origin === 'number' ? 'must_be_positive_integer' : 'too_small',
        message: `${about} must ${measured(issue.origin)} at least ${issue.minimum}${unitOf(issue.origin)}.`,
      };
    case 'too_big':
      return {
        field,
        reason: 'too_big',
        message: `${about} must ${measured(issue.origin)} at most ${issue.maximum}${unitOf(issue.origin)}.`,
      };
    case 'invalid_format':
      // Where the schema says nothing of its own, Zod's words are for whoever writes programs.
      if (!issue.message.startsWith('Invalid ')) break;
      return { field, reason: issue.code, message: `${about} is not written as it has to be (${shapeOf(issue)}).` };
    default:
  }
  return { field, reason: issue.code, message: `${about}: ${issue.message}.` };
}

/** What is bounded of a value: its length where it is a text or a list. */
const UNITS: Readonly<Record<string, string>> = { string: ' letters', array: ' entries' };
const unitOf = (origin: string): string => UNITS[origin] ?? '';
const measured = (origin: string): string => (UNITS[origin] === undefined ? 'be' : 'have');

const shapeOf = ({ format, pattern }: z.core.$ZodIssueInvalidStringFormat): string =>
  format === 'regex' ? `it is to match ${pattern}` : `a ${format.replaceAll('_', ' ')} is wanted`;
