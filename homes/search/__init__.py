"""Finding things by words: how a text is compared, what stands in the index, and how a question is put to it."""
