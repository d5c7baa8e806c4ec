import type { Clarification, InTheWay, RefusalReason } from '@pxa/contract';
import { Problem } from '../http/problem.ts';

/**
 * Which field of a request gave an input of an action: `{ memory: 'configuration.memory_mb' }`; of several orders, for
 * each its own. Inputs that are not named here are called as the field. `on` is the field that names what is acted on.
 */
export type Fields = Readonly<Record<string, string>>;

/** What a request said, and which of its fields gave what. */
export interface Asked {
  readonly body: unknown;
  readonly fields?: Fields | readonly Fields[];
}

/**
 * Why an order is refused, as an answer. What is wrong with a value of the request is 422 with its field; a name that is
 * taken, and a cluster that is not as it would have to be, is 409. So is a privilege that Proxmox does not give us: a 403
 * would tell clients that it is their own token that lacks something, and that they cannot mend.
 */
export function refusalProblem({ question, in_the_way: found = [] }: Clarification, asked: Asked): Problem {
  const told = found.map((each) => ({ ...each, field: fieldOf(each, asked) }));
  const isWrong = ({ field, reason }: (typeof told)[number]): boolean => field !== undefined && reason !== 'exists';
  const first = told.find(isWrong) ?? told[0];
  const message = inTheWay(question);
  if (first === undefined) return new Problem(409, 'RESOURCE_CONFLICT', message, { reason: 'in_the_way' });
  const { field, reason } = first;
  const details = {
    ...(field === undefined ? {} : { field, ...valueAt(asked.body, field) }),
    reason: reason ?? (field === undefined ? 'in_the_way' : 'not_acceptable'),
    ...(told.length < 2 ? {} : { in_the_way: told.map(toldOf) }),
  };
  if (isWrong(first)) return new Problem(422, 'VALIDATION_ERROR', message, details);
  return new Problem(409, 'RESOURCE_CONFLICT', message, details);
}

function fieldOf({ input, order = 0 }: InTheWay, { fields }: Asked): string | undefined {
  if (input === undefined) return undefined;
  const own = isSeveral(fields) ? fields[order] : fields;
  // What is acted on is named by a path, unless the route says by which field of its body.
  return own?.[input] ?? (input === 'on' ? undefined : input);
}

const isSeveral = (fields: Asked['fields']): fields is readonly Fields[] => Array.isArray(fields);

function toldOf({ text, field, reason }: InTheWay & { field: string | undefined }): {
  message: string;
  field?: string;
  reason?: RefusalReason;
} {
  return {
    message: text,
    ...(field === undefined ? {} : { field }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** What stands in a body under `configuration.memory_mb`; secrets are not sent back. */
function valueAt(body: unknown, field: string): { provided_value?: unknown } {
  if (/password|secret/.test(field)) return {};
  const value = field.split('.').reduce((at: unknown, key) => {
    const record = at as Readonly<Record<string, unknown>> | null | undefined; // what is none has nothing at any key
    return record?.[key];
  }, body);
  return value === undefined ? {} : { provided_value: value };
}

/** The reasons alone: that nothing was changed, the status code says. */
const inTheWay = (question: string): string => question.replace(/^Nothing was changed;[^\n]*\n/, '');
