"""State machines of Hypothesis over what must hold whatever happens: numbering, the journal, and the resume."""
