import { type Document, isCollection, isScalar, visit } from 'yaml';
import { MOST_ALIASES, TOO_MUCH } from './guard.ts';
import type { YamlFault } from './yaml-errors.ts';

function anchorOf(node: unknown): string | undefined {
  return isCollection(node) || isScalar(node) ? node.anchor : undefined;
}

/** Aliases that name nothing (an anchor must stand before its alias) or what they stand in themselves. */
function checkAliases(document: Document): YamlFault[] {
  const anchors = new Set<string>();
  const faults: YamlFault[] = [];
  visit(document, {
    Value(_key, node) {
      const anchor = anchorOf(node);
      if (anchor !== undefined) anchors.add(anchor);
    },
    Alias(_key, alias, ancestors) {
      const { source } = alias;
      const within = ancestors.some((node) => anchorOf(node) === source);
      if (anchors.has(source) && !within) return;
      const problem = within
        ? `*${source} stands within what it names`
        : `*${source} names nothing: no &${source} stands before it`;
      faults.push({ offset: alias.range?.[0] ?? 0, problem, instead: 'Check the name after the *.' });
    },
  });
  return faults;
}

/** The plain values of a document, its aliases and merge keys unfolded, or why they can't be. */
export function unfold(document: Document): { content: unknown } | { faults: YamlFault[] } {
  const faults = checkAliases(document);
  if (faults.length > 0) return { faults };
  try {
    return { content: document.toJS({ maxAliasCount: MOST_ALIASES }) };
  } catch (error) {
    // Every alias resolves, so this is the library's own refusal of nested aliases that multiply.
    if (!(error instanceof ReferenceError)) throw error;
    return { faults: [{ offset: 0, ...TOO_MUCH }] };
  }
}
