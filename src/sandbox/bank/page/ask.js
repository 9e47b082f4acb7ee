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
