"""Laws that mixtures are drawn by: one file each."""

from causalmix_core.proxy.design.samplers.around import around
from causalmix_core.proxy.design.samplers.chosen import chosen
from causalmix_core.proxy.design.samplers.d_optimal import d_optimal
from causalmix_core.proxy.design.samplers.dirichlet import dirichlet
from causalmix_core.proxy.design.samplers.drawn import Drawn
from causalmix_core.proxy.design.samplers.lattice import centroid, lattice
from causalmix_core.proxy.design.samplers.regmix import regmix
from causalmix_core.proxy.design.samplers.sobol import sobol

__all__ = ["Drawn", "around", "centroid", "chosen", "d_optimal", "dirichlet", "lattice", "regmix", "sobol"]
