"""Laying texts beside each other: which way serves what.

All pairs of a collection at once
    `exact_chains` chains the exact matches that the index finds across edits, and extends them at both ends. What it
    needs of longest common subsequences is between two matches, at most 64 characters, and is counted for many
    gaps at a time. `corpus.find_reuse` is made of it.
Two texts, word for word
    `common_text.match_blocks` is for people to read: what both have and, by `find_gaps`, what differs, in few edits,
    none of which cuts a numeral. Edits in shared passages, sentences side by side and what was reworded from one year
    to the next are shown by it.
Two texts, in one number
    `common_text.common_length` counts what can stay where things are only put in and left out (longest common
    subsequence), `common_text.count_edits` the edits where they are replaced too (Levenshtein). Both are exact, of
    characters or of words.
Two reports, passage for passage
    `passage_pairs` says which passage of one year's report comes from which of the next, wherever it stands, and which
    passages of two reports have kept their order. `clause_support` says how much of a passage has a counterpart in the
    clauses of another report, where no passage as a whole is its partner.
"""
