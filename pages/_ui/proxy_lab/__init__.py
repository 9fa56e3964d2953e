"""The Proxy lab: text, design, launch, queue, and the rows that finished runs become."""
