/// A place for one value on every connection, reached in O(1): how a module keeps state for a connection.
///
/// Ask for it while the module is made: ``ModuleContext/slot(_:initial:)``.
public struct ConnectionSlot<Value: Sendable>: Sendable {
    let index: Int
    let initial: Value

    final class Box {
        var value: Value
        init(_ value: Value) { self.value = value }
    }
}

@available(*, unavailable)
extension ConnectionSlot.Box: Sendable {}

extension Connection {
    /// The connection's value in a slot; made from the slot's initial value at the first access.
    ///
    /// On the connection's loop only.
    public subscript<Value>(slot: ConnectionSlot<Value>) -> Value {
        get { box(slot).value }
        _modify { yield &box(slot).value }
    }

    private func box<Value>(_ slot: ConnectionSlot<Value>) -> ConnectionSlot<Value>.Box {
        // An index belongs to one name and type, so the type is known; the cast stays checked all the same.
        if let box = self.slot(slot.index) as? ConnectionSlot<Value>.Box { return box }
        let box = ConnectionSlot<Value>.Box(slot.initial)
        setSlot(slot.index, box)
        return box
    }
}
