import { z } from 'zod';

/** One request instead of the SDK's four; 100 comments and 100 links cost some 200 of the 10,000 points. */
export const issueDocument = `query KeptIssue($id: String!, $comments: String, $links: String) {
  issue(id: $id) {
    id
    identifier
    url
    title
    description
    labels(first: 100) { nodes { name } }
    comments(first: 100, after: $comments) { nodes { id } pageInfo { hasNextPage endCursor } }
    attachments(first: 100, after: $links) { nodes { url } pageInfo { hasNextPage endCursor } }
  }
}`;

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });

export const issueAnswer = z.object({
  issue: z.object({
    id: z.string(),
    identifier: z.string(),
    url: z.string(),
    title: z.string(),
    description: z.string().nullish(),
    labels: z.object({ nodes: z.array(z.object({ name: z.string() })) }),
    comments: z.object({ nodes: z.array(z.object({ id: z.string() })), pageInfo }),
    attachments: z.object({ nodes: z.array(z.object({ url: z.string() })), pageInfo }),
  }),
});

export const teamDocument = `query Team($key: String!) {
  teams(filter: { key: { eq: $key } }, first: 1) { nodes { id } }
}`;

export const teamAnswer = z.object({
  teams: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
});

/** A group of labels can't be put on an issue. */
export const labelsDocument = `query Labels($names: [String!]) {
  issueLabels(filter: { name: { in: $names }, isGroup: { eq: false } }, first: 250) {
    nodes { id name team { id } }
  }
}`;

export const labelsAnswer = z.object({
  issueLabels: z.object({
    nodes: z.array(
      z.object({ id: z.string(), name: z.string(), team: z.object({ id: z.string() }).nullish() }),
    ),
  }),
});
