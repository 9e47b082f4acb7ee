/** Asks the bank's own server, which has the secret key; this page never sees it. */
export async function ask(path, init) {
  const answer = await fetch(path, { ...init, signal: AbortSignal.timeout(20_000) });
  if (answer.status === 204) return null;
  const content = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(content.message), { status: answer.status });
  return content;
}

export function post(path, body) {
  const headers = { "content-type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** A session of the designer for this visitor, or "over" where the bank says that the visit has ended. */
export async function askForSession(request) {
  try {
    return await post("/api/card-session", request);
  } catch (error) {
    if (error.status === 410) return "over";
    throw error;
  }
}
