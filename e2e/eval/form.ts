import { Answer } from '@pxa/contract';

type View = NonNullable<Extract<Answer, { kind: 'answer' }>['view']>;

/** What the contract promises of every answer, whatever was asked; empty where the answer keeps it. */
export function formWrongs(answer: Answer): string[] {
  const parsed = Answer.safeParse(answer);
  return [
    ...(parsed.success ? [] : [`not an answer of the contract: ${parsed.error.message}`]),
    ...(answer.text.trim() === '' ? ['there is nothing to read'] : []),
    ...answer.calls.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path} was called`),
    ...(answer.kind === 'answer' && answer.view ? viewWrongs(answer.view, answer) : []),
  ];
}

function viewWrongs({ rows, value }: View, { text, calls }: Answer): string[] {
  const ids = rows.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  const isYesNo = value?.of === 'any' || value?.of === 'all';
  const unproven = rows.flatMap(({ id, cells, evidence }) =>
    Object.keys(cells)
      .filter((key) => !isProof(evidence[key], calls.length))
      .map((key) => `cell ${key} of ${id} has no evidence: ${String(evidence[key])}`),
  );
  return [
    ...(twice === undefined ? [] : [`row ${twice} is there twice`]),
    ...(isYesNo && value.number !== null && !/^(yes|no)\b/i.test(text)
      ? ['the text does not begin with yes or no']
      : []),
    ...unproven.slice(0, 1),
  ];
}

/** Evidence is said, and no call that it names is beyond those that were made. */
function isProof(evidence: string | undefined, calls: number): boolean {
  if (evidence === undefined || evidence === '') return false;
  return [...evidence.matchAll(/calls\[(\d+)\]/g)].every(([, index]) => Number(index) < calls);
}
