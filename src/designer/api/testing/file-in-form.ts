/** The file in a form, as anybody reads forms. Throws where it is none. */
export async function fileInForm(contentType: string | undefined, body: BodyInit): Promise<Buffer> {
  const headers = { "content-type": contentType ?? "" };
  const form = await new Response(body, { headers }).formData();
  const parts = form.getAll("file") as File[];
  if (parts.length === 0 || [...form.keys()].length !== parts.length) throw new Error("the form holds no file alone");
  return Buffer.concat(await Promise.all(parts.map(async (part) => Buffer.from(await part.arrayBuffer()))));
}
