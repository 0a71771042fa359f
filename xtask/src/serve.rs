//! Serving the built page on this machine.
//!
//! The built folder is served, not Trunk's own server: its reload script breaks the page's strict
//! policy. The same server, `e2e/server.mjs`, serves the tests. It installs no service worker: that
//! would go on showing what was built before.

use crate::page;
use crate::sh::{self, Result};

pub fn serve(port: u16) -> Result {
    page::build()?;
    let mut node = sh::command("node");
    node.arg("e2e/server.mjs")
        .arg(sh::dist_dir())
        .args(["--port", &port.to_string()]);
    sh::run(&mut node)
}
