import type { ErrorRequestHandler, RequestHandler } from "express";

/** Told to the caller of the control API as `{"error": sentence}`. */
export class ControlError extends Error {
  override name = "ControlError";
  constructor(
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

const LOCAL_ADDRESS = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Both are asked: the address keeps other computers out, the Host header keeps web pages out whose
 * name was made to point here.
 */
export const requireLoopback: RequestHandler = (request, _response, next) => {
  const address = request.socket.remoteAddress ?? "";
  const host = request.get("host") ?? "";
  if (!LOCAL_ADDRESS.test(address) || !LOCAL_HOST.test(host)) {
    throw new ControlError(403, "The sandbox is controlled from this computer only.");
  }
  const origin = request.get("origin");
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    throw new ControlError(403, "The sandbox is controlled from its own page only.");
  }
  // A page from elsewhere can post a form, but not JSON without asking first.
  if (request.method === "POST" && !request.is("application/json")) {
    throw new ControlError(415, "Send the body as application/json.");
  }
  next();
};

/** Express knows an error handler by its four parameters. */
export const answerControlError: ErrorRequestHandler = (error: unknown, _req, response, next) => {
  if (response.headersSent) next(error);
  else if (error instanceof ControlError) {
    response.status(error.status).json({ error: error.message });
  } else if (isBodyProblem(error)) {
    response.status(400).json({ error: "The body is not JSON, or it is too long." });
  } else if (error instanceof URIError) {
    response.status(400).json({ error: "The address is not written rightly." });
  } else {
    response.status(500).json({ error: `The sandbox failed: ${String(error)}` });
  }
};

function isBodyProblem(error: unknown): boolean {
  return error instanceof Error && "type" in error && "status" in error;
}
