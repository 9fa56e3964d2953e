"""What the pages share: frame, states, the decision being worked on, controls. Streamlit lives here."""
