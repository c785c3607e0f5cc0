//! The log: one JSON object per line, ids only.
//!
//! What must hold: no setting makes a library write what it sends. The SDK and the runtime show whole bodies below `info`; a body holds a
//! person's data. So only our own targets follow the setting, everything else stays at `warn`.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

fn filter(level: Option<&str>) -> Targets {
    let ours = level.and_then(|text| text.parse::<LevelFilter>().ok()).unwrap_or(LevelFilter::INFO);
    // A target is compared by its beginning: this is every crate of ours.
    Targets::new().with_default(LevelFilter::WARN).with_target("optopec", ours)
}

/// Starts the log of this process, on its error output. A second call does nothing.
pub fn init_tracing() {
    init_tracing_without(&[]);
}

/// The same, silent about some targets: the local runner's emulators call a warning what is an answer like any other.
pub fn init_tracing_without(targets: &[&str]) {
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false).with_writer(std::io::stderr);
    let heard = targets.iter().fold(filter(crate::config::journal().as_deref()), |heard, target| heard.with_target(*target, LevelFilter::OFF));
    // The only failure is a log that runs already.
    let _ = tracing_subscriber::registry().with(lines).with(heard).try_init();
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn only_our_own_targets_follow_the_setting() {
        let debug = filter(Some("debug"));
        assert!(debug.would_enable("optopec_store::demande", &Level::DEBUG));
        for library in ["aws_smithy_runtime", "lambda_runtime", "hyper_util", "reqwest"] {
            assert!(!debug.would_enable(library, &Level::INFO), "{library}");
        }
        assert!(!filter(Some("n'importe quoi")).would_enable("optopec_store", &Level::DEBUG));
        assert!(filter(None).would_enable("optopec_dossiers", &Level::INFO));
    }
}
