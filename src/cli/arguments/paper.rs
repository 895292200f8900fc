//! The options of the commands that make papers.

use std::path::PathBuf;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::arguments::Common;
use crate::cli::paper::Paper;
use crate::cli::screen::Screen;
use crate::clinics::network::Network;
use crate::output::pdf::Template;
use crate::quote::documents::offer::clinic_names::{ClinicName, with_clinics};
use crate::quote::insurer::{Insurer, with_insurer};

/// The options of the commands that make offers.
#[derive(Debug, Args)]
pub struct OfferArguments {
    #[command(flatten)]
    pub paper: PaperArguments,
    /// File of clinics, for their names in the offer; without it the offer has their codes
    #[arg(long, value_name = "CLINICS.toml")]
    pub clinics: Option<PathBuf>,
}

impl OfferArguments {
    /// The template of an offer with the insurer and the names of clinics.
    ///
    /// # Errors
    ///
    /// As [`PaperArguments::template`] and [`Network::open_by`].
    pub fn template(&self, paper: Paper, common: &Common, screen: &Screen) -> Result<Template, Error> {
        let network = self.clinics.as_deref().map(|path| Network::open_by(path, &common.editions()?)).transpose()?;
        let clinics = network.iter().flat_map(|network| &network.clinics);
        let names = clinics.map(|clinic| {
            (clinic.code.clone(), ClinicName { name: clinic.name.clone(), address: clinic.address.clone() })
        });
        Ok(with_clinics(self.paper.template(paper, screen)?, &names.collect()))
    }
}

/// The options of the commands that make papers.
#[derive(Debug, Args)]
pub struct PaperArguments {
    /// File about the insurer, whose name, numbers and logo appear on the papers (`kollektiv insurer template` writes one to start from)
    #[arg(long, value_name = "FILE")]
    insurer: Option<PathBuf>,
    /// Make the papers by this Typst template instead of the built-in one; `kollektiv report template export` writes one to start from
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
}

impl PaperArguments {
    /// Whether there is an own template.
    pub const fn has_template(&self) -> bool {
        self.template.is_some()
    }

    /// The insurer; without one a remark is printed.
    ///
    /// # Errors
    ///
    /// As [`Insurer::open`].
    pub fn open_insurer(&self, screen: &Screen) -> Result<Option<Insurer>, Error> {
        if self.insurer.is_none() {
            screen.note(&Message::new("insurer-missing"));
        }
        self.insurer.as_deref().map(Insurer::open).transpose()
    }

    /// The template with the insurer, as [`PaperArguments::open_insurer`] opens it.
    ///
    /// # Errors
    ///
    /// As [`Template::open`] and [`Insurer::open`].
    pub fn template(&self, paper: Paper, screen: &Screen) -> Result<Template, Error> {
        self.template_with(paper, self.open_insurer(screen)?.as_ref())
    }

    /// The template with an insurer that is open already.
    ///
    /// # Errors
    ///
    /// As [`Template::open`].
    pub fn template_with(&self, paper: Paper, insurer: Option<&Insurer>) -> Result<Template, Error> {
        Ok(with_insurer(paper.template(self.template.as_deref())?, insurer))
    }
}
