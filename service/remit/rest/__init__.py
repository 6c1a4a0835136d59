"""The same answers as JSON over plain HTTP, for tools without a GraphQL client."""
