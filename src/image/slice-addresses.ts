/** Of the fonts that come in slices, and of what each slice holds. */
export const slices = import.meta.glob<string>("../lettering/fonts/slices/*.woff", {
  query: "?url",
  import: "default",
  eager: true,
});

export const ranges = import.meta.glob<string>("../lettering/fonts/slices/*.txt", {
  query: "?url",
  import: "default",
  eager: true,
});
