/** Answers, calls and values as text for a terminal. Pure: no input, no output, no clock. */
export { renderAnswer } from './answer.ts';
export { CallLines, renderCall } from './calls.ts';
export { renderData } from './data.ts';
export { renderJob, renderJobEnd, renderJobEvent } from './job.ts';
export { type JobInWords, renderJobSteps } from './job-steps.ts';
export { shortSays } from './some.ts';
export { ansiPaint, noPaint, plainStyle } from './style.ts';
export type { Paint, Style } from './style.ts';
export { harmless, harmlessJson, harmlessLines, pad, plural, shorten, wrap } from './text.ts';
export { formatBytes, formatDuration, formatFraction, formatMoment, formatTime, formatValue } from './units.ts';
export { displayWidth } from './width.ts';
