// The REST interface, with the page's session.

/** A refusal: `code` as in the protocol, or "offline" when the server could not be reached. */
export class ApiError extends Error {
  constructor(code, message, status = 0) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const PATIENCE = 15_000; // milliseconds for an answer

const USER = "X-SkyeIM-User";
let person = null;
let stranger = null;
let closed = false;

/**
 * Every call from now on names `id` as the person it is made for: where the cookie is somebody else's by now (another tab has
 * signed in), the server does nothing and `onStranger` is told.
 */
export function actFor(id, onStranger) {
  person = String(id);
  stranger = onStranger;
}

/** The person has left: nothing more is asked, and what was asked is not heard. */
export function close() {
  closed = true;
}

const csrf = () => document.cookie.match(/(?:^|;\s*)skyeim_csrf=([^;]+)/)?.[1] ?? "";

/** The answer's body, or null. Raises ApiError. */
export async function call(method, path, body, options = {}) {
  const headers = { Accept: "application/json" };
  if (person) headers[USER] = person;
  if (method !== "GET") headers["X-CSRFToken"] = csrf();
  const isFile = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = isFile ? body.type : "application/json";
  let answer;
  mustBeOpen();
  try {
    answer = await fetch(`/api/v1/${path}`, {
      method, headers, body: body === undefined || isFile ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE), ...options,
    });
  } catch {
    throw new ApiError("offline", "The server could not be reached.");
  }
  const text = await answer.text().catch(() => {
    throw new ApiError("offline", "The answer broke off.");
  });
  mustBeOpen();
  const found = parse(text);
  if (answer.status === 401 && found?.field === USER) stranger();
  if (!answer.ok) throw new ApiError(found?.code ?? "server_error", found?.message ?? answer.statusText, answer.status);
  return found;
}

function mustBeOpen() {
  if (closed) throw new ApiError("unauthorized", "This page is nobody's any more.", 401);
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
export const patch = (path, body) => call("PATCH", path, body);

const UPLOAD = 120_000; // milliseconds for a file

/** Give the server a file: its bytes are the body. */
export const upload = (path, file) => call("PUT", path, file, { signal: AbortSignal.timeout(UPLOAD) });
