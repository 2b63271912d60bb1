%% connections, version 2: counts all that were ever opened, too.
-module(connections).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{peers => #{}, opened => 0}}.

handle_call({open, Peer}, _, State) ->
    {Open, Next} = open(Peer, State),
    {reply, Open, Next};
%% How many are left of that peer.
handle_call({close, Peer}, _, #{peers := Peers} = State) ->
    Left = maps:get(Peer, Peers, 1) - 1,
    Next = case Left of
        0 -> maps:remove(Peer, Peers);
        _ -> Peers#{Peer => Left}
    end,
    {reply, Left, State#{peers := Next}};
handle_call(count, _, #{peers := Peers} = State) ->
    {reply, lists:sum(maps:values(Peers)), State}.

handle_cast({open, Peer}, State) ->
    {_, Next} = open(Peer, State),
    {noreply, Next}.

open(Peer, #{peers := Peers, opened := N}) ->
    Open = maps:get(Peer, Peers, 0) + 1,
    {Open, #{peers => Peers#{Peer => Open}, opened => N + 1}}.

code_change("1", #{open := Peers}, _) -> {ok, #{peers => Peers, opened => 0}};
code_change({down, "1"}, #{peers := Peers}, _) -> {ok, #{open => Peers}};
code_change(_, _, _) -> {error, unknown_version}.
