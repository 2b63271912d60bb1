//! Tables by process or message: ids are dense, so a vector serves.

/// The entry of `id`, made if it is not there yet.
pub(super) fn entry<T: Default>(table: &mut Vec<T>, id: u32) -> &mut T {
    let index = id as usize;
    if index >= table.len() {
        table.resize_with(index + 1, T::default);
    }
    &mut table[index]
}
