/**
 * Tag and digest in the name of an image: `host:5000/team/app:1.2@sha256:…`. A colon before the last slash is that
 * of a port. Null for each that is not there.
 */
export function imageParts(image: string): { tag: string | null; digest: string | null } {
  const [name = '', digest] = image.split('@', 2);
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  return { tag: tag ?? null, digest: digest ?? null };
}
