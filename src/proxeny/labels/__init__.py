"""The label of two or more clusters: scheme, applications, jury, selection, awards, life after."""
