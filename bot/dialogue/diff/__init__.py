"""What two versions of the dialogues differ in, as an author means it: texts, branches, timings, options; never lines."""
