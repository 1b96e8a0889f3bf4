//! The byte form of what classes are called. That of answers tells a label by what it looks like, which bytes cannot.

use cutpoint_core::Label;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Classes;

#[derive(Serialize, Deserialize)]
enum LabelBytes {
    Bool(bool),
    Integer(i64),
    Text(String),
}

#[derive(Serialize, Deserialize)]
struct ClassBytes {
    labels: [LabelBytes; 2],
    present: Vec<LabelBytes>,
}

impl From<&Label> for LabelBytes {
    fn from(label: &Label) -> Self {
        match label {
            Label::Bool(value) => Self::Bool(*value),
            Label::Integer(value) => Self::Integer(*value),
            Label::Text(value) => Self::Text(value.clone()),
        }
    }
}

impl From<LabelBytes> for Label {
    fn from(label: LabelBytes) -> Self {
        match label {
            LabelBytes::Bool(value) => Self::Bool(value),
            LabelBytes::Integer(value) => Self::Integer(value),
            LabelBytes::Text(value) => Self::Text(value),
        }
    }
}

pub(crate) fn serialize<S: Serializer>(
    classes: &Classes,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let bytes = ClassBytes {
        labels: classes.labels.each_ref().map(LabelBytes::from),
        present: classes.present.iter().map(LabelBytes::from).collect(),
    };
    bytes.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Classes, D::Error> {
    let bytes = ClassBytes::deserialize(deserializer)?;
    Ok(Classes {
        labels: bytes.labels.map(Label::from),
        present: bytes.present.into_iter().map(Label::from).collect(),
    })
}
