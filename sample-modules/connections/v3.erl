%% connections, version 3: the fields of version 2 under other names.
-module(connections).
-vsn("3").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{table => #{}, total => 0}}.

handle_call({open, Peer}, _, State) ->
    {Open, Next} = open(Peer, State),
    {reply, Open, Next};
%% How many are left of that peer.
handle_call({close, Peer}, _, #{table := Peers} = State) ->
    Left = maps:get(Peer, Peers, 1) - 1,
    Next = case Left of
        0 -> maps:remove(Peer, Peers);
        _ -> Peers#{Peer => Left}
    end,
    {reply, Left, State#{table := Next}};
handle_call(count, _, #{table := Peers} = State) ->
    {reply, lists:sum(maps:values(Peers)), State}.

handle_cast({open, Peer}, State) ->
    {_, Next} = open(Peer, State),
    {noreply, Next}.

open(Peer, #{table := Peers, total := N}) ->
    Open = maps:get(Peer, Peers, 0) + 1,
    {Open, #{table => Peers#{Peer => Open}, total => N + 1}}.

code_change("2", #{peers := Peers, opened := N}, _) -> {ok, #{table => Peers, total => N}};
code_change({down, "2"}, #{table := Peers, total := N}, _) -> {ok, #{peers => Peers, opened => N}};
code_change(_, _, _) -> {error, unknown_version}.
