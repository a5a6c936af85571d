// The user's modules live in folders beside this file; each type that serves a stage is found at build time.
// This file stays even where there is no plugin: a Swift target needs at least one file.
