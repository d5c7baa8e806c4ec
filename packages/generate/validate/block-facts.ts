/** What a provider says of a block: its attributes by type, `!` where one has to be there, and the blocks in it. */
export interface BlockFacts {
  readonly attributes: Readonly<Record<string, string>>;
  readonly blocks: Readonly<Record<string, BlockFacts & { readonly least: number; readonly most: number }>>;
}
