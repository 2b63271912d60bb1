//! Which instructions belong together, and in which order they are done (C4).

use std::collections::HashMap;

use upheaval_term::Atom;

use super::TranslateError;
use crate::Instruction;

/// The connected components of the modules that are changed, where an edge goes from
/// each to those that it needs.
pub(super) struct Components {
    /// The members of each, by their place among all instructions: each comes before
    /// those that it needs. They stand under the first of them.
    members: HashMap<usize, Vec<usize>>,
}

/// A changed module.
struct Node {
    /// The place of its instruction.
    instruction: usize,
    /// Where it goes if its dependencies leave that open.
    rank: usize,
    /// The nodes that it needs.
    needs: Vec<usize>,
}

impl Components {
    /// Finds them. Modules of `first` come in that order where their dependencies
    /// leave it open, before all others; those stay as they are.
    pub(super) fn of(
        instructions: &[Instruction],
        first: &[Atom],
    ) -> Result<Components, TranslateError> {
        let nodes = graph(instructions, first)?;
        let members = connected(&nodes)
            .into_iter()
            .map(|component| {
                let instruction = |node: &usize| nodes[*node].instruction;
                let order = ordered(&nodes, &component);
                (
                    instruction(&component[0]),
                    order.iter().map(instruction).collect(),
                )
            })
            .collect();
        Ok(Components { members })
    }

    /// The members of the component whose first instruction is this one.
    pub(super) fn begun_by(&self, instruction: usize) -> Option<&[usize]> {
        self.members.get(&instruction).map(Vec::as_slice)
    }
}

/// The circles among the modules that instructions change: those that need each other,
/// in the order of the instructions.
pub(crate) fn circles(instructions: &[Instruction]) -> Result<Vec<Vec<Atom>>, TranslateError> {
    let nodes = graph(instructions, &[])?;
    let reached: Vec<Vec<bool>> = (0..nodes.len())
        .map(|node| reachable(&nodes, node))
        .collect();
    let name = |node: usize| {
        let dependencies = instructions[nodes[node].instruction].dependencies();
        dependencies.map(|(module, _)| module.clone())
    };
    let mut circles = Vec::new();
    for (node, needed) in reached.iter().enumerate() {
        let circle: Vec<usize> = (0..nodes.len())
            .filter(|other| needed[*other] && reached[*other][node])
            .collect();
        if circle.len() > 1 && circle[0] == node {
            circles.push(circle.into_iter().filter_map(name).collect());
        }
    }
    Ok(circles)
}

fn graph(instructions: &[Instruction], first: &[Atom]) -> Result<Vec<Node>, TranslateError> {
    let changes: Vec<(usize, &Atom, &[Atom])> = instructions
        .iter()
        .enumerate()
        .filter_map(|(number, instruction)| {
            let (module, needs) = instruction.dependencies()?;
            Some((number, module, needs))
        })
        .collect();
    let ranks: HashMap<&Atom, usize> = first.iter().zip(0..).collect();
    let mut nodes = HashMap::new();
    for (node, (_, module, _)) in changes.iter().enumerate() {
        if nodes.insert(*module, node).is_some() {
            return Err(TranslateError::MuldefModule((*module).clone()));
        }
    }
    changes
        .iter()
        .map(|(instruction, module, needs)| {
            let needs = needs.iter().map(|needed| {
                let undefined = || TranslateError::UndefModule(needed.clone());
                nodes.get(needed).copied().ok_or_else(undefined)
            });
            Ok(Node {
                instruction: *instruction,
                rank: ranks
                    .get(module)
                    .map_or(first.len() + instruction, |rank| *rank),
                needs: needs.collect::<Result<_, _>>()?,
            })
        })
        .collect()
}

/// The components, their nodes in the order of the instructions.
fn connected(nodes: &[Node]) -> Vec<Vec<usize>> {
    let mut root: Vec<usize> = (0..nodes.len()).collect();
    fn find(root: &mut [usize], mut node: usize) -> usize {
        while root[node] != node {
            root[node] = root[root[node]];
            node = root[node];
        }
        node
    }
    for (node, Node { needs, .. }) in nodes.iter().enumerate() {
        for needed in needs {
            let (one, other) = (find(&mut root, node), find(&mut root, *needed));
            root[one.max(other)] = one.min(other);
        }
    }
    let mut components = vec![Vec::new(); nodes.len()];
    for node in 0..nodes.len() {
        components[find(&mut root, node)].push(node);
    }
    components.retain(|component| !component.is_empty());
    components
}

/// The nodes of a component, each before those that it needs. Those that need each
/// other stand together, in the order of their instructions.
fn ordered(nodes: &[Node], component: &[usize]) -> Vec<usize> {
    if component.len() == 1 {
        return component.to_vec();
    }
    let reached: HashMap<usize, Vec<bool>> = component
        .iter()
        .map(|node| (*node, reachable(nodes, *node)))
        .collect();
    let needs = |one: usize, other: usize| reached[&one][other];
    let mut left = component.to_vec();
    let mut order = Vec::new();
    while !left.is_empty() {
        // Nobody who is left needs it, but who is needed by it.
        let free = |node: usize| {
            let mut others = left.iter().filter(|other| **other != node);
            others.all(|other| !needs(*other, node) || needs(node, *other))
        };
        let Some(next) = left
            .iter()
            .copied()
            .filter(|node| free(*node))
            .min_by_key(|node| nodes[*node].rank)
        else {
            unreachable!("of those that do not need each other, one is needed by no other")
        };
        let (circle, rest): (Vec<usize>, Vec<usize>) = left
            .iter()
            .partition(|node| **node == next || needs(**node, next) && needs(next, **node));
        order.extend(circle);
        left = rest;
    }
    order
}

/// Which nodes one needs, at first or second hand.
fn reachable(nodes: &[Node], from: usize) -> Vec<bool> {
    let mut reached = vec![false; nodes.len()];
    let mut left = nodes[from].needs.clone();
    while let Some(node) = left.pop() {
        if !std::mem::replace(&mut reached[node], true) {
            left.extend(&nodes[node].needs);
        }
    }
    reached
}
