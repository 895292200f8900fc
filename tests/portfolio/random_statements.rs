//! Random exchange files of banks: what is booked, doubted, known and not matched adds up to the file, in every encoding, whole or cut (`I51`, `I53`).

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::payment_lists::{ACCOUNT, CLIENT, Document, book, kopecks, outcomes_of, statement};
use crate::properties::cases;

/// What a document is to the book: which contract its purpose names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    First,
    Second,
    Both,
    Neither,
    Outgoing,
}

impl Purpose {
    const ALL: [Self; 5] = [Self::First, Self::Second, Self::Both, Self::Neither, Self::Outgoing];

    const fn text(self) -> &'static str {
        match self {
            Self::First => "Взнос по договору ДМС-1 от 25.12.2025, НДС не облагается",
            Self::Second => "Оплата по дог. № дмс-12/26",
            Self::Both => "Договоры ДМС-1 и ДМС-12/26",
            Self::Neither => "Оплата по счёту 15",
            Self::Outgoing => "Возврат по договору ДМС-1",
        }
    }
}

/// The encodings of the format.
#[derive(Debug, Clone, Copy)]
enum Form {
    Windows,
    Dos,
    Utf8,
}

impl Form {
    fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Windows => encoding_rs::WINDOWS_1251.encode(text).0.into_owned(),
            Self::Dos => encoding_rs::IBM866.encode(&text.replace("Кодировка=Windows", "Кодировка=DOS")).0.into_owned(),
            Self::Utf8 => text.as_bytes().to_vec(),
        }
    }
}

/// The outcomes of a file by the rules, in kopecks.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcomes {
    booked: i128,
    doubted: i128,
    known: i128,
    unmatched: i128,
}

/// The premium of each contract, in kopecks.
const WRITTEN: i128 = 4_648_800;

/// Books documents of which the first `known` are in the book.
fn outcomes(documents: &[(Purpose, i128)], known: usize, paid: &mut [i128; 2]) -> Outcomes {
    let mut found = Outcomes::default();
    for (at, (purpose, amount)) in documents.iter().enumerate() {
        let contract = match purpose {
            Purpose::First => 0,
            Purpose::Second => 1,
            Purpose::Both | Purpose::Neither => {
                found.unmatched += amount;
                continue;
            }
            Purpose::Outgoing => continue,
        };
        if at < known {
            found.known += amount;
            continue;
        }
        paid[contract] += amount;
        let place = if paid[contract] > WRITTEN { &mut found.doubted } else { &mut found.booked };
        *place += amount;
    }
    found
}

fn stated(answer: &Value) -> Outcomes {
    let [amount, doubted, known, unmatched] = ["amount", "doubted_amount", "known_amount", "unmatched_amount"]
        .map(|key| kopecks(answer[key].as_str().unwrap()));
    Outcomes { booked: amount - doubted, doubted, known, unmatched }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn i51_booked_doubted_known_and_unmatched_are_the_total_of_the_file(
        documents in vec((proptest::sample::select(&Purpose::ALL[..]), 1_i128..2_500_000), 1..9),
        form in proptest::sample::select(&[Form::Windows, Form::Dos, Form::Utf8][..]),
        again in proptest::sample::select(&[Form::Windows, Form::Dos, Form::Utf8][..]),
        first in 0_usize..9,
        cut in 50_usize..980,
    ) {
        let book = book();
        let roubles: Vec<String> =
            documents.iter().map(|(_, amount)| format!("{}.{:02}", amount / 100, amount % 100)).collect();
        let all: Vec<Document<'_>> = documents
            .iter()
            .zip(&roubles)
            .map(|((purpose, _), amount)| match purpose {
                Purpose::Outgoing => Document(ACCOUNT, CLIENT, amount, purpose.text()),
                _ => Document(CLIENT, ACCOUNT, amount, purpose.text()),
            })
            .collect();
        let mut paid = [0, 0];
        let mut known = 0;
        // a part of the documents, then all of them, then all of them again in another encoding
        let part = first.clamp(1, all.len());
        for (name, count, form) in [("part.txt", part, form), ("all.txt", all.len(), form), ("again.txt", all.len(), again)] {
            let expected = outcomes(&documents[..count], known, &mut paid);
            let total: i128 =
                documents[..count].iter().filter(|(purpose, _)| *purpose != Purpose::Outgoing).map(|(_, amount)| amount).sum();
            let answer = outcomes_of(&book, name, &form.encode(&statement(&all[..count])));
            let found = stated(&answer);
            prop_assert_eq!(found.booked + found.doubted + found.known + found.unmatched, total, "{} of {:?}", name, documents);
            prop_assert_eq!(kopecks(answer["total"].as_str().unwrap()), total);
            prop_assert_eq!(&found, &expected, "{} of {:?}", name, documents);
            known = count;
        }
        // a file that is cut off books nothing
        let text = statement(&all).replace("Номер=", "Номер=9");
        let bytes = form.encode(&text);
        let place = bytes.len() * cut / 1000;
        let file = book.beside("cut.txt");
        std::fs::write(&file, &bytes[..place]).unwrap();
        let run = book.run(&["pay", file.to_str().unwrap()]);
        prop_assert_eq!(run.code, Some(3), "{} {}", run.out, run.err);
        book.verified();
    }
}
