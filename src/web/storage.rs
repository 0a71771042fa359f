//! What the browser remembers between visits. A sandboxed frame refuses it, and that is fine.

/// The value kept under this key, if storage works and has one.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps the value, where storage works.
pub fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Reading `localStorage` itself throws in a sandboxed frame.
fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}
