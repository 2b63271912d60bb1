//! What lies in the place of an artifact while the release handler reads it.

use crate::history::{Code, Event};
use crate::target::embedded::run::Run;
use crate::target::spoilt::{Lies, Spoilt};

impl Run<'_> {
    /// Puts something else in the place of an artifact.
    pub(in crate::target::embedded) fn spoil_artifact(&mut self, spoilt: Spoilt) {
        let (module, vsn) = &spoilt.code;
        let code = |module: &str, vsn: &str| Code {
            module: self.name(module),
            vsn: self.name(vsn),
        };
        let instead = match &spoilt.lies {
            Lies::Nothing | Lies::Half => None,
            Lies::Other(other, vsn) => Some(code(other, vsn)),
        };
        self.note(Event::Damaged {
            code: code(module, vsn),
            instead,
        });
        let (application, version) = &spoilt.place;
        // Of a release that is not unpacked there is nothing that could come to harm.
        if self.is_unpacked(application, version) {
            self.spoilt = Some(spoilt.clone());
            self.look_where_it_lies(&spoilt);
        }
    }

    /// Puts the artifact back.
    pub(in crate::target::embedded) fn mend_artifact(&mut self) {
        if let Some(spoilt) = self.spoilt.take() {
            self.look_where_it_lies(&spoilt);
        }
    }

    /// What the code path leads to is what lies there now.
    fn look_where_it_lies(&mut self, spoilt: &Spoilt) {
        let (application, version) = &spoilt.place;
        let path = self.handler.as_ref().and_then(|h| h.paths.of(application));
        if path == Some(version) {
            self.look_for_module((application, version), &spoilt.code.0);
        }
    }

    /// What lies in the place of a module of a version of an application, where it is not its
    /// artifact.
    pub(super) fn lies_at(&self, place: (&str, &str), module: &str) -> Option<&Lies> {
        let spoilt = self.spoilt.as_ref()?;
        spoilt.is_of(place, module).then_some(&spoilt.lies)
    }
}
