import type { ErrorObject, ValidateFunction } from "ajv";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import type { OpenApi, Operation } from "./data";
import type { Exchange } from "./traffic";

/** Something that the description does not allow; the words that exceptions are matched with. */
export interface Problem {
  /** Method and path as described, such as "POST /messages"; the path itself when it is not. */
  operation: string;
  part: "path" | "query" | "request" | "status" | "answer";
  /** Where in it and what, such as "/attachments/0/content must NOT have additional properties". */
  detail: string;
}

/** Checks calls and answers against the description. What it does not name is not allowed. */
export class OpenApiCheck {
  private readonly closed: OpenApi;
  private readonly ajv: Ajv;
  private readonly queries: Ajv;
  private readonly validators = new Map<object, ValidateFunction>();

  constructor(webex: OpenApi) {
    this.closed = closeObjects(structuredClone(webex));
    const options = { strict: false, allErrors: true, logger: false } as const;
    this.ajv = new Ajv(options);
    this.queries = new Ajv({ ...options, coerceTypes: "array" });
    addFormats(this.ajv);
  }

  check(exchange: Exchange): { request: Problem[]; answer: Problem[] } {
    const { method, path } = exchange;
    const url = new URL(path, "http://webex.invalid");
    const found = this.find(method, url.pathname);
    if (!found) {
      const operation = `${method} ${url.pathname}`;
      const detail = "is not described";
      return { request: [{ operation, part: "path", detail }], answer: [] };
    }
    return {
      request: [...this.checkQuery(found, url), ...this.checkBody(found, exchange)],
      answer: this.checkAnswer(found, exchange),
    };
  }

  private find(method: string, pathname: string): Found | undefined {
    const templates = Object.keys(this.closed.paths).filter((one) => fits(one, pathname));
    // "/people/me" stands before "/people/{personId}".
    const template = templates.sort((one, other) => holes(one) - holes(other))[0];
    if (template === undefined) return undefined;
    const described = this.closed.paths[template]?.[method.toLowerCase()];
    return described && { operation: `${method} ${template}`, described };
  }

  private checkQuery({ operation, described }: Found, url: URL): Problem[] {
    const parameters = (described.parameters ?? []).filter((one) => one.in === "query");
    const schema = {
      type: "object",
      additionalProperties: false,
      properties: Object.fromEntries(parameters.map((one) => [one.name, one.schema])),
      ...required(parameters),
    };
    const validate = this.queries.compile(schema);
    validate(Object.fromEntries(url.searchParams));
    return problems(operation, "query", validate.errors);
  }

  private checkBody({ operation, described }: Found, { body }: Exchange): Problem[] {
    const schema = jsonOf(described.requestBody?.content);
    if (schema === undefined)
      return body === undefined
        ? []
        : [{ operation, part: "request", detail: "must have no body" }];
    return this.validate(operation, "request", schema, body);
  }

  private checkAnswer({ operation, described }: Found, exchange: Exchange): Problem[] {
    const { status, response } = exchange;
    // The connection was cut on purpose, or the error was made on purpose.
    if (status === 0) return [];
    const answer = described.responses[String(status)];
    if (!answer) return [{ operation, part: "status", detail: `${status} is not described` }];
    if (status >= 300) return [];
    const schema = jsonOf(answer.content);
    if (schema !== undefined) return this.validate(operation, "answer", schema, response);
    return response === undefined
      ? []
      : [{ operation, part: "answer", detail: "must have no body" }];
  }

  private validate(
    operation: string,
    part: Problem["part"],
    schema: object,
    value: unknown,
  ): Problem[] {
    const validate = this.validators.get(schema) ?? this.compile(schema);
    this.validators.set(schema, validate);
    validate(value);
    return problems(operation, part, validate.errors);
  }

  private compile(schema: object): ValidateFunction {
    const { components } = this.closed;
    return this.ajv.compile({ allOf: [schema], components });
  }
}

interface Found {
  operation: string;
  described: Operation;
}

/** Some calls name the character set beside the type. */
function jsonOf(content: Operation["responses"][string]["content"] = {}): object | undefined {
  const json = Object.entries(content).find(([type]) => /^application\/json\b/.test(type));
  return json?.[1].schema;
}

function fits(template: string, pathname: string): boolean {
  const pattern = template.replace(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${pattern}$`).test(pathname);
}

function holes(template: string): number {
  return template.split("{").length;
}

/** An empty list of required properties is no valid schema of that draft. */
function required(parameters: Operation["parameters"] = []): { required?: string[] } {
  const names = parameters.filter((one) => one.required).map(({ name }) => name);
  return names.length === 0 ? {} : { required: names };
}

/** The description says what there is; so anything else is a mistake, on either side. */
function closeObjects<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) closeObjects(member);
  if ("properties" in value && !("additionalProperties" in value) && "type" in value)
    Object.assign(value, { additionalProperties: false });
  return value;
}

function problems(
  operation: string,
  part: Problem["part"],
  errors: readonly ErrorObject[] | null | undefined,
): Problem[] {
  return (errors ?? []).map(({ instancePath, message = "is wrong", params }) => {
    const { additionalProperty } = params as { additionalProperty?: string };
    const what = additionalProperty === undefined ? "" : `: ${additionalProperty}`;
    const where = instancePath.replace(/\/\d+/g, "/*");
    return { operation, part, detail: `${where} ${message}${what}`.trim() };
  });
}
