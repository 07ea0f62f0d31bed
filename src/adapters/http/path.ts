/**
 * Holds a path of a request against one of ours, part by part: `/api/gates/{service}` takes any one part that is not
 * empty. Null when it is another path, or one that cannot be decoded.
 */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const said = given[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (said !== part) return null;
      continue;
    }
    const value = decoded(said);
    if (value === null || value === '') return null;
    params[name] = value;
  }
  return params;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
