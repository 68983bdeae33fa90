//! Room: webui.
