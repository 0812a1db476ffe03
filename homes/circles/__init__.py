"""Who can walk to a home in fifteen minutes.

`pace` says what a minute is; `foot_access`, `extract` and `network` make walking metres of an OpenStreetMap extract
(`streets` are its arrays, `network_file` keeps them, `reach_shape` draws outlines, all on the `plane`), `estimate`
makes them of straight lines where there is none; `walks` gives the rest of the portal whichever of the two is in use.
`computing` keeps what they say; `coverage` and `siting` ask it about the district, `reach` and `inside` about one home
at a reader's pace, which `drawing` draws.
"""
