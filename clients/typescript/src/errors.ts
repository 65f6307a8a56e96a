import type { ProblemCode } from './generated/api.js';

/** Every `code` that the service answers with, from the OpenAPI document. */
export type ContractCode = ProblemCode;

/**
 * The contract's codes and two of the client's own: `network_error`, no answer came;
 * `unexpected_answer`, an answer that is not the service's (a proxy's error page, for one).
 */
export type ErrorCode = ContractCode | 'network_error' | 'unexpected_answer';

/** The members of RFC 9457 problem details that the service sends. */
interface ProblemMembers {
  title?: string;
  detail?: string;
  code?: ErrorCode;
  traceId?: string;
  errors?: Record<string, string[]>;
  attemptsLeft?: number;
  retryAt?: string;
}

/** Every refusal and every failed call. Switch on `code`. */
export class PhoneAuthError extends Error {
  override readonly name = 'PhoneAuthError';
  readonly code: ErrorCode;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Short text for people, in the language of the call. */
  readonly title?: string;
  readonly detail?: string;
  /** Messages by field name, with `validation_failed`. */
  readonly errors: Record<string, string[]>;
  /** Guesses left for this code, with `code_invalid`. */
  readonly attemptsLeft?: number;
  /** Seconds to wait before the next try. */
  readonly retryAfter?: number;
  /** The same as a moment, by the server's clock. */
  readonly retryAt?: Date;
  /** What to give to the operators. */
  readonly traceId?: string;

  constructor(code: ErrorCode, status: number, problem: ProblemMembers = {}, retryAfter?: number, cause?: unknown) {
    super(problem.detail ?? problem.title ?? code, { cause });
    this.code = code;
    this.status = status;
    this.title = problem.title;
    this.detail = problem.detail;
    this.errors = problem.errors ?? {};
    this.attemptsLeft = problem.attemptsLeft;
    this.retryAt = problem.retryAt ? new Date(problem.retryAt) : undefined;
    this.retryAfter = retryAfter;
    this.traceId = problem.traceId;
  }

  /** Reads a refusal. `now` is the server's time, for answers whose Retry-After the browser hides from other origins. */
  static async from(response: Response, now: number): Promise<PhoneAuthError> {
    const problem = await response.json().then(body => (body ?? {}) as ProblemMembers, () => ({}) as ProblemMembers);
    return new PhoneAuthError(problem.code ?? 'unexpected_answer', response.status, problem, retryAfter(response, problem, now));
  }
}

function retryAfter(response: Response, problem: ProblemMembers, now: number): number | undefined {
  const header = response.headers.get('Retry-After');
  // RFC 9110 10.2.3: seconds or a date. Our service sends seconds, a proxy in front of it may send either.
  const seconds = header === null ? NaN : Number(header);
  if (seconds >= 0) return seconds;
  const at = Date.parse(header ?? problem.retryAt ?? '');
  return isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}
