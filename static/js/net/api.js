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

const csrf = () => document.cookie.match(/(?:^|;\s*)skyeim_csrf=([^;]+)/)?.[1] ?? "";

/** The answer's body, or null. Raises ApiError. */
export async function call(method, path, body, options = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrf();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(`/api/v1/${path}`, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE), ...options,
    });
  } catch {
    throw new ApiError("offline", "The server could not be reached.");
  }
  const text = await answer.text().catch(() => {
    throw new ApiError("offline", "The answer broke off.");
  });
  const found = parse(text);
  if (!answer.ok) throw new ApiError(found?.code ?? "server_error", found?.message ?? answer.statusText, answer.status);
  return found;
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
