// The room is described in Package.swift.
