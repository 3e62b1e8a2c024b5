"""Datasets: public photo sets and their terms, manifests, labels and splits.

``sources`` imports the public sets, ``quality`` checks photos before anybody learns from them,
``healthy_skin`` cuts out or synthesises skin without lesions.

Example:
    >>> from reddots.datasets.catalogue import read_catalogue
    >>> read_catalogue()["pad_ufes_20"].may_train
    True
"""
