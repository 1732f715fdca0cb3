pub(crate) fn other_layouts(_query: &str) -> Vec<String> {
    Vec::new()
}
