%% connections, version 1: how many connections each peer has.
-module(connections).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{open => #{}}}.

handle_call({open, Peer}, _, State) ->
    {Open, Next} = open(Peer, State),
    {reply, Open, Next};
%% How many are left of that peer.
handle_call({close, Peer}, _, #{open := Peers} = State) ->
    Left = maps:get(Peer, Peers, 1) - 1,
    Next = case Left of
        0 -> maps:remove(Peer, Peers);
        _ -> Peers#{Peer => Left}
    end,
    {reply, Left, State#{open := Next}};
handle_call(count, _, #{open := Peers} = State) ->
    {reply, lists:sum(maps:values(Peers)), State}.

handle_cast({open, Peer}, State) ->
    {_, Next} = open(Peer, State),
    {noreply, Next}.

open(Peer, #{open := Peers}) ->
    Open = maps:get(Peer, Peers, 0) + 1,
    {Open, #{open => Peers#{Peer => Open}}}.
