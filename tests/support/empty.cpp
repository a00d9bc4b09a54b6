// Only here because a precompiled header needs a source to belong to.
