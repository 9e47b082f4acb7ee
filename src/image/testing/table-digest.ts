/** SHA-256 of the tables of all filters, at two strengths: of Node and of every browser. */
export const tableDigest = "a2cfcde6c518ab44f5613c4e229189f37a5ed216eff3affd76bd526dd3f0b1c9";
