import type { z } from "zod";
import { parseId } from "../ids";
import type { SandboxPerson, SandboxToken, UploadedFile } from "../model";
import type { WorldState } from "../world-state";
import { ApiError } from "./api-error";

/** One authorised request, as the functions behind the routes see it. */
export interface Call {
  state: WorldState;
  caller: SandboxPerson;
  token: SandboxToken;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: unknown;
  /** Files that came with it, in a form. */
  uploads?: readonly UploadedFile[];
  /** The whole address of this request, from which the next page's is made. */
  url: URL;
}

export interface Answer {
  status: number;
  /** Sent as JSON, unless it is text or bytes. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

export interface Route {
  method: "get" | "post" | "put" | "delete";
  /** Without `/v1`, in Express's notation. */
  path: string;
  /** A token that has only some scopes needs one of these; spark:all when absent. */
  scopes?: readonly string[];
  answer: (call: Call) => Answer;
}

/** A request that needs no access token. */
export interface OpenCall extends Pick<Call, "state" | "params" | "query" | "url"> {
  /** What a form sent. Throws ApiError where the body is something else. */
  form: () => URLSearchParams;
}

export interface OpenRoute extends Pick<Route, "method" | "path"> {
  isOpen: true;
  answer: (call: OpenCall) => Answer;
}

export const NO_CONTENT: Answer = { status: 204 };

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** A token without a list of scopes may do whatever its owner may. */
export function hasScope({ token }: Pick<Call, "token">, scope: string): boolean {
  return token.scopes?.includes(scope) ?? true;
}

/** Malformed ids are refused at once; a well-formed one may still lead nowhere. */
export function checkId(id: string | undefined): string {
  if (id === undefined || !parseId(id)) throw new ApiError(400, "Expect base64 ID or UUID.");
  return id;
}

export function queried(call: Call, name: string): string | undefined {
  const value = call.query.get(name);
  return value === null || value === "" ? undefined : value;
}

export function queriedId(call: Call, name: string): string | undefined {
  const value = queried(call, name);
  return value === undefined ? undefined : checkId(value);
}

export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new ApiError(400, `${field === "" ? "body" : field}: ${issue?.message ?? "is invalid"}`);
}
