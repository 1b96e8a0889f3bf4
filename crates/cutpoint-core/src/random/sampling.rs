//! Choices, samples and vertices: what NumPy and scikit-learn draw from whole words, on any stream.
//!
//! The order and number of draws are part of the result here; a faster method that draws otherwise is another method.

use std::collections::HashSet;

use ndarray::{Array2, s};

use super::{RandomStream, Replacement};
use crate::{Error, Result};

/// How far probabilities may sum from 1: NumPy's bound, the square root of the machine epsilon.
const SUM_TOLERANCE: f64 = 1.490_116_119_384_765_6e-8;

/// Dimensions whose vertices have a code each; further ones are drawn bit by bit.
const MAX_CODED_DIMENSIONS: usize = 30;

pub(super) fn choice<R: RandomStream + ?Sized>(
    rng: &mut R,
    population: usize,
    size: usize,
    replacement: Replacement,
) -> Result<Vec<usize>> {
    if population == 0 && size > 0 {
        return Err(Error::EmptyPopulation { size });
    }
    match replacement {
        Replacement::With => Ok((0..size).map(|_| rng.index(population)).collect()),
        Replacement::Without => {
            check_size(population, size)?;
            let mut indices = rng.permutation(population);
            indices.truncate(size);
            Ok(indices)
        }
    }
}

pub(super) fn weighted_choice<R: RandomStream + ?Sized>(
    rng: &mut R,
    p: &[f64],
    size: usize,
    replacement: Replacement,
) -> Result<Vec<usize>> {
    if p.is_empty() && size > 0 {
        return Err(Error::EmptyPopulation { size });
    }
    if let Some(row) = p.iter().position(|p| !(0.0..=1.0).contains(p)) {
        return Err(Error::Value {
            name: "p",
            domain: "in [0, 1]",
            value: p[row],
            row,
        });
    }
    let sum = p.iter().sum::<f64>();
    if (sum - 1.0).abs() > SUM_TOLERANCE {
        return Err(Error::ProbabilitySum { sum });
    }
    if replacement == Replacement::With {
        let cdf = cumulative(p);
        return Ok((0..size).map(|_| looked_up(&cdf, rng.double())).collect());
    }
    check_size(p.iter().filter(|&&p| p > 0.0).count(), size)?;
    let mut left = p.to_vec();
    let mut taken = vec![false; p.len()];
    let mut found = Vec::with_capacity(size);
    while found.len() < size {
        // All doubles of a round are drawn before the first is looked up.
        let draws = (found.len()..size)
            .map(|_| rng.double())
            .collect::<Vec<_>>();
        for &index in &found {
            left[index] = 0.0;
        }
        let cdf = cumulative(&left);
        for draw in draws {
            let index = looked_up(&cdf, draw);
            if !taken[index] {
                taken[index] = true;
                found.push(index);
            }
        }
    }
    Ok(found)
}

/// Running sums from left to right, each divided by the last.
fn cumulative(p: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums = p
        .iter()
        .map(|p| {
            sum += p;
            sum
        })
        .collect::<Vec<_>>();
    for value in &mut sums {
        *value /= sum;
    }
    sums
}

fn looked_up(cdf: &[f64], draw: f64) -> usize {
    cdf.partition_point(|&upper| upper <= draw)
}

pub(super) fn sample_without_replacement<R: RandomStream + ?Sized>(
    rng: &mut R,
    population: usize,
    n: usize,
) -> Result<Vec<usize>> {
    check_size(population, n)?;
    let ratio = if population == 0 {
        1.0
    } else {
        n as f64 / population as f64
    };
    if 0.01 < ratio && ratio < 0.99 {
        let mut sample = rng.permutation(population);
        sample.truncate(n);
        return Ok(sample);
    }
    if ratio < 0.2 {
        let mut taken = HashSet::with_capacity(n);
        let mut sample = Vec::with_capacity(n);
        while sample.len() < n {
            let index = rng.index(population);
            if taken.insert(index) {
                sample.push(index);
            }
        }
        return Ok(sample);
    }
    let mut sample = (0..n).collect::<Vec<_>>();
    for next in n..population {
        let place = rng.index(next + 1);
        if place < n {
            sample[place] = next;
        }
    }
    Ok(sample)
}

pub(super) fn hypercube<R: RandomStream + ?Sized>(
    rng: &mut R,
    n: usize,
    n_dimensions: usize,
) -> Result<Array2<u8>> {
    let n_free = n_dimensions.saturating_sub(MAX_CODED_DIMENSIONS);
    let n_coded = n_dimensions - n_free;
    check_size(1 << n_coded, n)?;
    let mut vertices = Array2::zeros((n, n_dimensions));
    for bit in vertices.slice_mut(s![.., ..n_free]) {
        *bit = u8::from(rng.interval(1) == 1);
    }
    let codes = sample_without_replacement(rng, 1 << n_coded, n)?;
    for (code, mut row) in codes.into_iter().zip(vertices.rows_mut()) {
        for (place, bit) in row.iter_mut().rev().take(n_coded).enumerate() {
            *bit = u8::from(code >> place & 1 == 1);
        }
    }
    Ok(vertices)
}

fn check_size(population: usize, size: usize) -> Result<()> {
    if size > population {
        return Err(Error::SampleSize { population, size });
    }
    Ok(())
}
