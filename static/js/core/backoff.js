// When to come back, and whether at all (protocol §7). No clock, no socket.
const FIRST = 500;
const MOST = 30_000;

/** Milliseconds until the attempt number `attempt` (from 0), never in step with others: half of it is chance. */
export function delay(attempt, random = Math.random) {
  const whole = Math.min(MOST, FIRST * 2 ** Math.min(attempt, 10));
  return whole / 2 + (random() * whole) / 2;
}

/** What a close code asks for: "reconnect", "ticket" (at once, with another one), "later", or why to stop. */
export function reaction(code) {
  if (code === 4003) return "ticket";
  if (code === 4029 || code === 1013) return "later";
  if (code === 4502) return "disabled";
  if (code === 4503) return "replaced";
  if (code === 4504) return "revoked";
  if (code === 4500 || code === 4501) return "signed-out";
  if (code === 1003 || code === 1009 || (code >= 4500 && code < 5000)) return "broken";
  return "reconnect";
}
